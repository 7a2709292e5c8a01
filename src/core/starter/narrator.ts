import { capitalise, withArticle } from './english';
import type { Entry, Pools } from './pools';
import type { Random } from '../random';
import { pick } from './pick';
import { baseForm, template, type Template } from './template';

/** Tries for a word that the story does not have yet; short pools may run out. */
const tries = 8;

/** Fills the templates of one story, and remembers the words it has chosen. */
export class Narrator {
  private readonly chosen = new Map<string, Entry>();
  private readonly told = new Map<string, string>();
  /** Words in use, so that two characters never share a name, nor two things a noun. */
  private readonly used = new Set<string>();

  constructor(
    private readonly pools: Pools,
    private readonly random: Random,
  ) {}

  /** Fills a template with whole sentences, with capitals. */
  tell(source: string): string {
    return capitalise(this.fill(template(source)));
  }

  private fill(parts: Template): string {
    let text = '';
    for (const part of parts) {
      if (part.kind === 'text') text += part.text;
      else if (part.kind === 'choice') text += this.fill(pick(this.random, part.options));
      else {
        const word = this.word(part.slot, part.form);
        text += part.article ? withArticle(word) : word;
      }
    }
    return text;
  }

  /** Chooses a form once: the red ball stays red. */
  private word(slot: string, form: string): string {
    const key = `${slot}.${form}`;
    const told = this.told.get(key);
    if (told !== undefined) return told;
    const entry = this.entry(slot);
    const source = typeof entry === 'string' ? entry : entry[form];
    if (source === undefined || (typeof entry === 'string' && form !== baseForm)) {
      throw new Error(`The starter corpus has no form ${key}.`);
    }
    const word = this.fill(template(source));
    this.told.set(key, word);
    return word;
  }

  private entry(slot: string): Entry {
    const known = this.chosen.get(slot);
    if (known !== undefined) return known;
    const pool = this.pools[slot.replace(/\d$/, '')];
    if (pool === undefined) throw new Error(`The starter corpus has no pool for ${slot}.`);
    let entry = pick(this.random, pool);
    for (let i = 0; i < tries && this.used.has(baseOf(entry)); i++) entry = pick(this.random, pool);
    this.used.add(baseOf(entry));
    if (typeof entry !== 'string' && entry.kind !== undefined) this.used.add(entry.kind);
    this.chosen.set(slot, entry);
    return entry;
  }
}

function baseOf(entry: Entry): string {
  return typeof entry === 'string' ? entry : (entry[baseForm] ?? '');
}
