import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Forbidden imports of each room: the arrows of ARCHITECTURE.md, enforced. */
const forbid = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

const outsideWebviews = [
  'node:*',
  'vscode',
  '**/node/**',
  '**/cli/**',
  '**/extension/**',
  '**/server/**',
];

export default tseslint.config(
  { basePath: root, ignores: ['dist/**', 'out/**', 'node_modules/**', '**/*.mjs'] },
  {
    basePath: root,
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: root },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': 'error',
    },
  },
  // Tests print why they skip.
  { basePath: root, files: ['test/**'], rules: { 'no-console': 'off' } },
  {
    basePath: root,
    ...forbid(['src/core/**'], ['node:*', 'vscode', '**/node/**', '**/cli/**', '**/extension/**']),
  },
  {
    basePath: root,
    ...forbid(['src/emulator/**'], ['node:*', 'vscode', '**/node/**', '**/cli/**', '**/server/**']),
  },
  { basePath: root, ...forbid(['src/node/**'], ['vscode', '**/cli/**', '**/extension/**']) },
  {
    basePath: root,
    ...forbid(['src/server/**'], ['vscode', '**/node/**', '**/cli/**', '**/extension/**']),
  },
  { basePath: root, ...forbid(['webview/ui/**'], outsideWebviews) },
  // Only webview/ui imports the toolkit of the controls.
  {
    basePath: root,
    ...forbid(
      ['webview/*-*/**', 'webview/monitor/**', 'webview/speed/**', 'webview/training/**'],
      [...outsideWebviews, '@vscode/webview-ui-toolkit', 'uplot'],
    ),
  },
  { basePath: root, ...forbid(['src/cli/**'], ['vscode', '**/extension/**']) },
  { basePath: root, ...forbid(['src/extension/**'], ['**/cli/**']) },
);
