import { createRoot } from 'react-dom/client';
import '@xinglin/web-shared/tokens.css';
import './console.css';
import './pages/reviews/reviews.css';
import { App } from './app.tsx';
import { startLanguage } from './i18n.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no root element');
startLanguage().then(() => {
  createRoot(root).render(<App />);
  // The Chinese face is a hundred small files, each loaded when its characters appear: asked for after the first paint.
  requestAnimationFrame(() => setTimeout(() => void import('./fonts.ts'), 0));
});
