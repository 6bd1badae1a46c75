// Begins the page. The build puts this before the program's own script and makes one module of both.
//
// First of all a Trusted Types policy: under the page's Content-Security-Policy no text becomes HTML without passing
// here. The preview is the one place that writes HTML, and these are the tags that it writes. Scripts and their
// addresses have no function here, so they cannot be made from text at all.
globalThis.trustedTypes?.createPolicy('default', {
  createHTML(html) {
    if (/<(?!span class="code-line">|i class=[snbp]>|\/span>|\/i>)/.test(html)) {
      throw new TypeError('HTML that the page does not write');
    }
    return html;
  },
});

// Then the language: the one chosen on an earlier visit, else the one that the operator has named, else the first of
// the browser's that the page speaks. The page waits for the Chinese texts, so they are on their way before the program
// is (`src/language.rs`).
{
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      // A browser that keeps nothing.
      return null;
    }
  };
  const languages = [kept('dsw-composer.language'), kept('dsw-composer.language.default'), ...navigator.languages];
  if (/^zh\b/.test(languages.find((tag) => /^(en|zh)\b/.test(tag)))) {
    document.documentElement.lang = 'zh-CN';
    const texts = { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href: 'assets/zh.tsv' };
    document.head.append(Object.assign(document.createElement('link'), texts));
  }
}
