// How sources become bundles for Node.js: the same for what is shipped and for what tests run.
import * as esbuild from 'esbuild';

/** Packages whose CommonJS entries hide their requires from bundlers. */
const esModules = {
  'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
  'vscode-json-languageservice': 'vscode-json-languageservice/lib/esm/jsonLanguageService.js',
};

/** Bundles the scripts and style sheets of webviews. */
export function bundleForWebviews(root, entryPoints, outdir) {
  return esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'browser',
    // Electron 34, that of the oldest VS Code that package.json admits.
    target: 'chrome132',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: esModules,
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
  });
}

/** Bundles entry points ({ name: path }) of the repository into a folder of it. */
export function bundleForNode(root, entryPoints, outdir, options = {}) {
  return esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    alias: esModules,
    // Some packages ask where they are in the way of ES modules; a bundle is CommonJS.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    // Native add-ons and their loaders stay beside the bundle, and what the extension loads late.
    external: ['vscode', 'serialport', './language-client'],
    // Node's own import() wants the whole name of a file; require() knows it is a .js.
    supported: { 'dynamic-import': false },
    // Half the size to load; names stay, for traces that people can read.
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    logLevel: 'warning',
    ...options,
  });
}
