// Entry of the page: styles, theme, React root, offline copy.
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import '@fontsource-variable/source-serif-4/wght-italic.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/gallery.css';
import './styles/print.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { armColorCss } from '../pictures/arm-colors.ts';
import { App } from './app.tsx';
import { registerOffline } from './offline/register.ts';

const colors = new CSSStyleSheet();
colors.replaceSync(armColorCss());
document.adoptedStyleSheets = [...document.adoptedStyleSheets, colors];

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
registerOffline();
