import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

/** Where the bundles of the webviews are. */
export function webviewFolder(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, 'dist', 'webview');
}

/**
 * The page of a webview: its style sheet and its script, and nothing from elsewhere.
 *
 * @param name of its bundle
 * @param kept state of the page from the time before
 */
export function webviewPage(
  webview: Webview,
  folder: Uri,
  name: string,
  title: string,
  kept?: unknown,
): string {
  const resource = (file: string) => webview.asWebviewUri(Uri.joinPath(folder, file)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource} 'nonce-${nonce}'; img-src ${webview.cspSource}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <!-- The toolkit tries a style of its own to learn what the browser can do. -->
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="stylesheet" href="${resource(`${name}.css`)}" />
  </head>
  <body>
    <main id="root" data-kept="${attribute(JSON.stringify(kept ?? null))}"></main>
    <script nonce="${nonce}" src="${resource(`${name}.js`)}"></script>
  </body>
</html>`;
}

/** Text as the value of an attribute in double quotes. */
function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
