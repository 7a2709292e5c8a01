/** Parts of a regular expression, as far as this check distinguishes them. */
const part =
  /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|<[^>]*>|[a-z-]*:))?|\)|\||[*+?]|\{\d+(?:,\d*)?\}|[^]/gu;

/** Highest repeat count of a group with varying contents: as in addresses of four numbers. */
const fewTimes = 4;

/** A group that is open. */
interface Group {
  /** Something in it matches texts of several lengths. */
  varies: boolean;
  /** First character of each alternative; undefined where that is no plain character. */
  starts: (string | undefined)[];
  isAtStart: boolean;
}

/**
 * Whether an expression may take exponential time on a short text, as nested repetitions do: there
 * are so many ways to divide the text among them. The check is careful and also refuses some
 * expressions that would end.
 */
export function mayTakeForEver(pattern: string): boolean {
  const groups: Group[] = [newGroup()];
  /** The group that a following repetition would repeat. */
  let last: Group | undefined;
  for (const [found] of pattern.matchAll(part)) {
    const group = groups.at(-1) ?? newGroup();
    const most = mostTimes(found);
    if (most !== undefined) {
      if (last && most > fewTimes && isAmbiguous(last)) return true;
      // A second question mark makes a repetition lazy, which does not matter here.
      if (!/^\{\d+\}$/.test(found)) group.varies = true;
      continue;
    }
    last = undefined;
    if (found.startsWith('(')) {
      if (group.isAtStart) group.starts.push(undefined);
      group.isAtStart = false;
      groups.push(newGroup());
    } else if (found === ')') {
      last = groups.length > 1 ? groups.pop() : undefined;
      // An alternative may be empty.
      if (last?.isAtStart) last.starts.push(undefined);
      if (last && isAmbiguous(last)) (groups.at(-1) ?? last).varies = true;
    } else if (found === '|') {
      if (group.isAtStart) group.starts.push(undefined);
      group.isAtStart = true;
    } else {
      if (group.isAtStart) group.starts.push(/^\w$/.test(found) ? found.toLowerCase() : undefined);
      group.isAtStart = false;
    }
  }
  return false;
}

function newGroup(): Group {
  return { varies: false, starts: [], isAtStart: true };
}

/** Greatest repeat count of a quantifier; undefined for other parts. */
function mostTimes(found: string): number | undefined {
  if (found === '*' || found === '+') return Infinity;
  if (found === '?') return 1;
  const [, least, comma, most] = /^\{(\d+)(?:(,)(\d*))?\}$/.exec(found) ?? [];
  if (least === undefined) return undefined;
  if (comma === undefined) return Number(least);
  return most === '' || most === undefined ? Infinity : Number(most);
}

/** Whether a text can be divided among repetitions of a group in more than one way. */
function isAmbiguous({ varies, starts }: Group): boolean {
  if (varies) return true;
  // Alternatives with different first characters leave no choice.
  return starts.length > 1 && (starts.includes(undefined) || new Set(starts).size < starts.length);
}
