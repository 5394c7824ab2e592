'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useCampaign, useUser } from 'utmost/react';

export function LoginForm() {
  const router = useRouter();
  // Your auth library: undefined while the session is loading, null where nobody is logged in.
  const [user, setUser] = useState(null);
  useUser(user);
  const campaign = useCampaign();

  const logIn = data => {
    const email = data.get('email');
    setUser({ id: `user-${email}`, email });
    router.push('/welcome');
  };
  return (
    <>
      <p>
        Your campaign: <output id="campaign">{campaign?.utm_campaign ?? 'none'}</output>
      </p>
      <form action={logIn}>
        <label>
          E-mail <input name="email" type="email" required />
        </label>
        <button type="submit">Log in</button>
      </form>
    </>
  );
}
