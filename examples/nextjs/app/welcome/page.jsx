import { cookies } from 'next/headers';
import { readVisitor } from 'utmost/next';

export default async function Welcome() {
  const { campaign } = await readVisitor(cookies());
  return (
    <>
      <h1>Welcome</h1>
      <p>
        The server reads: <output id="server">{campaign?.utm_campaign ?? 'none'}</output>
      </p>
    </>
  );
}
