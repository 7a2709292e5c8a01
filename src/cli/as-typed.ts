import manifest from '../../package.json';

/** Commands that texts name as the next step. */
const commands =
  /\bstarmind (?=(?:new|doctor|estimate|train|eval|generate|build|run|bench|boards|flash|monitor|demo)\b)/g;

/**
 * A text with its commands as the reader has to type them: in a clone of the repository there is no
 * program `starmind`, and npm starts it.
 *
 * @param npmPackage whose script npm runs, if it runs one
 */
export function asTyped(text: string, npmPackage = process.env.npm_package_name): string {
  return npmPackage === manifest.name ? text.replace(commands, 'npm run -s starmind -- ') : text;
}
