import { LoginForm } from './login-form.jsx';

export default function Page() {
  return (
    <>
      <h1>Next.js</h1>
      <LoginForm />
    </>
  );
}
