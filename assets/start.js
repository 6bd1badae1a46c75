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
