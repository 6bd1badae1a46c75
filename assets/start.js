// Begins the page. The build puts this before the program's own script and makes one module of both.
//
// First of all a Trusted Types policy: under the page's Content-Security-Policy no text becomes HTML without passing
// here. The preview is the one place that writes HTML, and these are the tags that it writes. The one script that is
// named by a text is the service worker; scripts themselves have no function here, so they cannot be made from text.
globalThis.trustedTypes?.createPolicy('default', {
  createHTML(html) {
    if (/<(?!span class="code-line">|i class=[snbp]>|\/span>|\/i>)/.test(html)) {
      throw new TypeError('HTML that the page does not write');
    }
    return html;
  },
  createScriptURL(url) {
    if (url !== 'sw.js') throw new TypeError('a script that the page does not load');
    return url;
  },
});
