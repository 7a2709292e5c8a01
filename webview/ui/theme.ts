import { useEffect, useState } from 'preact/hooks';

/** The system sets the colours, whatever the theme. */
export const forcedColors = '(forced-colors: active)';

/** Changes with VS Code's theme and the system's; for canvases that read their colours from it. */
export function useTheme(): string {
  const [theme, setTheme] = useState(themeOfPage);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(themeOfPage()));
    observer.observe(document.body, { attributes: true });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    const forced = matchMedia(forcedColors);
    const look = () => setTheme(themeOfPage());
    forced.addEventListener('change', look);
    return () => {
      observer.disconnect();
      forced.removeEventListener('change', look);
    };
  }, []);
  return theme;
}

/** VS Code names its theme on the body and sets its colours on the root. */
function themeOfPage(): string {
  const { body, documentElement } = document;
  const forced = matchMedia(forcedColors).matches ? 'forced' : '';
  return `${body.dataset.vscodeThemeId ?? ''} ${documentElement.style.cssText.length} ${forced}`;
}
