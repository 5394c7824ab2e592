import { UtmostScript } from 'utmost/next';

export const metadata = { title: 'Next.js', icons: 'data:,' };

export default function RootLayout({ children }) {
  return (
    <html lang="en">
      <body>
        {children}
        <UtmostScript relay="/t" debug />
      </body>
    </html>
  );
}
