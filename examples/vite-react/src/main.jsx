import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { UtmostProvider } from 'utmost/react';
import { App } from './App.jsx';

const options = { applicationId: import.meta.env.VITE_APPLICATION_ID ?? 'YOUR_APPLICATION_ID', debug: true };

createRoot(document.querySelector('#root')).render(
  <StrictMode>
    <UtmostProvider options={options}>
      <App />
    </UtmostProvider>
  </StrictMode>,
);
