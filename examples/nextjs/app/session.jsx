'use client';

import { createContext, useContext, useState } from 'react';
import { useUser } from 'utmost/react';

const Session = createContext(undefined);
export const useSession = () => useContext(Session);

/** In place of your auth library's. In the layout, so that a change of route does not end it. */
export function SessionProvider({ children }) {
  // undefined while the session is loading, null where nobody is logged in.
  const [user, setUser] = useState(null);
  useUser(user);
  return <Session value={{ user, setUser }}>{children}</Session>;
}
