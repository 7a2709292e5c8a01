import { useEffect, useState } from 'preact/hooks';

/** Changes with VS Code's theme; for what is painted with colours read from it. */
export function useTheme(): string {
  const [theme, setTheme] = useState(themeOfPage);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(themeOfPage()));
    observer.observe(document.body, { attributes: true });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return () => observer.disconnect();
  }, []);
  return theme;
}

/** VS Code names its theme on the body and sets its colours on the root. */
function themeOfPage(): string {
  const { body, documentElement } = document;
  return `${body.dataset.vscodeThemeId ?? ''} ${documentElement.style.cssText.length}`;
}
