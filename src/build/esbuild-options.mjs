// How esbuild bundles sources for Node.js: the same options for the product and for tests.
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
    // Some packages read import.meta.url, which a CommonJS bundle lacks.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    // Native add-ons and their loaders stay beside the bundle, and so does the module that the
    // extension loads late.
    external: ['vscode', 'serialport', './language-client'],
    // Node's own import() needs the full name of a file; require() adds .js itself.
    supported: { 'dynamic-import': false },
    // Half the size to load; names stay, for readable stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    logLevel: 'warning',
    ...options,
  });
}
