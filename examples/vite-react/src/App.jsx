import { useState } from 'react';
import { useCampaign, useUser } from 'utmost/react';

export function App() {
  // Your auth library: undefined while the session is loading, null where nobody is logged in.
  const [user, setUser] = useState(null);
  useUser(user);
  const campaign = useCampaign();

  const logIn = data => {
    const email = data.get('email');
    setUser({ id: `user-${email}`, email });
  };
  return (
    <>
      <h1>Vite and React</h1>
      <p>
        Your campaign: <output id="campaign">{campaign?.utm_campaign ?? 'none'}</output>
      </p>
      {user ? (
        <button type="button" onClick={() => setUser(null)}>
          Log out
        </button>
      ) : (
        <form action={logIn}>
          <label>
            E-mail <input name="email" type="email" required />
          </label>
          <button type="submit">Log in</button>
        </form>
      )}
    </>
  );
}
