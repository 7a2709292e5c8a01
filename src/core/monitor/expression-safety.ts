/** What is between the slashes, taken apart as far as it matters here. */
const part =
  /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|<[^>]*>|[a-z-]*:))?|\)|\||[*+?]|\{\d+(?:,\d*)?\}|[^]/gu;

/** Times that a group may be repeated though what is in it varies: as in addresses of four numbers. */
const fewTimes = 4;

/** A group that is open. */
interface Group {
  /** Something in it matches texts of several lengths. */
  varies: boolean;
  /** What each of its alternatives begins with; undefined where that is no plain character. */
  starts: (string | undefined)[];
  isAtStart: boolean;
}

/**
 * Whether an expression may take for ever on a short text, as those do that repeat what repeats
 * already: there are so many ways to share the text among the repetitions. It is careful: some that
 * would end are refused too.
 */
export function mayTakeForEver(pattern: string): boolean {
  const groups: Group[] = [newGroup()];
  /** What a repetition that comes next would repeat. */
  let last: Group | undefined;
  for (const [found] of pattern.matchAll(part)) {
    const group = groups.at(-1) ?? newGroup();
    const most = mostTimes(found);
    if (most !== undefined) {
      if (last && most > fewTimes && isAmbiguous(last)) return true;
      // Lazy ones are told by another question mark, which says nothing new.
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

/** How often at most a part repeats what is before it; undefined for one that does not. */
function mostTimes(found: string): number | undefined {
  if (found === '*' || found === '+') return Infinity;
  if (found === '?') return 1;
  const [, least, comma, most] = /^\{(\d+)(?:(,)(\d*))?\}$/.exec(found) ?? [];
  if (least === undefined) return undefined;
  if (comma === undefined) return Number(least);
  return most === '' || most === undefined ? Infinity : Number(most);
}

/** Whether repetitions of a group can be told apart in more than one way. */
function isAmbiguous({ varies, starts }: Group): boolean {
  if (varies) return true;
  // Alternatives that begin with characters of their own leave no choice.
  return starts.length > 1 && (starts.includes(undefined) || new Set(starts).size < starts.length);
}
