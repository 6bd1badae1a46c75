// What is decided before anything is painted: theme and language. The page's program, which comes later, takes both
// over from the root element and keeps what is chosen under the same names (`src/theme.rs`, `src/language.rs`).
{
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      // A browser that keeps nothing follows the system.
      return null;
    }
  };
  const root = document.documentElement;
  const theme = kept('dsw-composer.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  // The language chosen on an earlier visit, else the one that the operator has named, else the first of the browser's
  // that the page speaks.
  const languages = [kept('dsw-composer.language'), kept('dsw-composer.language.default'), ...navigator.languages];
  if (/^zh\b/.test(languages.find((tag) => /^(en|zh)\b/.test(tag)))) {
    root.lang = 'zh-CN';
    // The page waits for the Chinese texts: they are on their way before the program is.
    const texts = { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href: 'assets/zh.tsv' };
    document.head.append(Object.assign(document.createElement('link'), texts));
  }
}
