import '@xinglin/web-shared/tokens.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import './patient.css';
import { SettingsProvider } from './words.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no root element');
createRoot(root).render(
  <SettingsProvider>
    <App />
  </SettingsProvider>,
);
