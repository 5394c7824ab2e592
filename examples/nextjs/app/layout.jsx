import { UtmostScript } from 'utmost/next';
import { SessionProvider } from './session.jsx';

export const metadata = { title: 'Next.js', icons: 'data:,' };

export default function RootLayout({ children }) {
  return (
    <html lang="en">
      <body>
        <SessionProvider>{children}</SessionProvider>
        <UtmostScript relay="/t" debug />
      </body>
    </html>
  );
}
