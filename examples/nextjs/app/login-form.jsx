'use client';

import { useRouter } from 'next/navigation';
import { useCampaign } from 'utmost/react';
import { useSession } from './session.jsx';

export function LoginForm() {
  const router = useRouter();
  const { setUser } = useSession();
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
