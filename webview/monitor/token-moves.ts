/** Share of the view's height that a page key moves: a line or so stays visible. */
const page = 0.9;

/**
 * The token that a key leads to, among all tokens in their order; undefined for other keys.
 *
 * @param height of the view, in CSS pixels
 */
export function destination(
  key: string,
  tokens: readonly Element[],
  from: Element,
  height: number,
): Element | undefined {
  const at = tokens.indexOf(from);
  switch (key) {
    case 'ArrowRight':
      return tokens[Math.min(tokens.length - 1, at + 1)];
    case 'ArrowLeft':
      return tokens[Math.max(0, at - 1)];
    case 'Home':
      return from.parentElement?.querySelector('.token') ?? undefined;
    case 'End':
      return [...(from.parentElement?.querySelectorAll('.token') ?? [])].at(-1);
    case 'ArrowDown':
      return below(tokens.slice(at), boxOf(from), 0);
    case 'ArrowUp':
      return above(tokens.slice(0, at + 1), boxOf(from), 0);
    case 'PageDown':
      return below(tokens.slice(at), boxOf(from), page * height);
    case 'PageUp':
      return above(tokens.slice(0, at + 1), boxOf(from), page * height);
    default:
      return undefined;
  }
}

/** The token below a box, on the first line that is at least so far away; else the last. */
function below(tokens: readonly Element[], from: DOMRect, distance: number): Element | undefined {
  const start = tokens.findIndex(
    (token) => boxOf(token).top > from.top + Math.max(distance, from.height / 2),
  );
  return start < 0 ? tokens.at(-1) : nearestInLine(tokens.slice(start), from);
}

/** The token above a box, on the last line at least this far away; else the first. */
function above(tokens: readonly Element[], from: DOMRect, distance: number): Element | undefined {
  const end = tokens.findLastIndex(
    (token) => boxOf(token).top < from.top - Math.max(distance, from.height / 2),
  );
  return end < 0 ? tokens[0] : nearestInLine(tokens.slice(0, end + 1).reverse(), from);
}

/** Among the tokens on the line of the first of them: the one horizontally nearest to a box. */
function nearestInLine(tokens: readonly Element[], to: DOMRect): Element | undefined {
  const [first] = tokens;
  if (!first) return undefined;
  const line = boxOf(first);
  const middle = (box: DOMRect) => box.left + box.width / 2;
  let nearest = first;
  let least = Infinity;
  for (const token of tokens) {
    const box = boxOf(token);
    if (Math.abs(box.top - line.top) > line.height / 2) break;
    const distance = Math.abs(middle(box) - middle(to));
    if (distance < least) [nearest, least] = [token, distance];
  }
  return nearest;
}

/** The box on the first line of a token: one that wraps has several. */
function boxOf(token: Element): DOMRect {
  return token.getClientRects()[0] ?? token.getBoundingClientRect();
}
