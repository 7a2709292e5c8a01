/** Words that sound otherwise than they are written. */
const vowelSound = /^(?:[aeio]|un[^i]|u[^nst]|us[^eu]|hour|honest)/i;

export function withArticle(phrase: string): string {
  return `${vowelSound.test(phrase) ? 'an' : 'a'} ${phrase}`;
}

/**
 * Capital letters where sentences begin: at the start, after an opening quote, and after a full
 * stop. After `!"` and `?"` a sentence may go on ("Look!" said Tom), so there the writer decides.
 */
export function capitalise(text: string): string {
  return text.replace(/(?:^|(?:^| )"|[.!?] |\." )[a-z]/g, (match) => match.toUpperCase());
}

/** The forms in which a story speaks of someone. */
export interface Pronouns {
  he: string;
  him: string;
  his: string;
  himself: string;
}

export const male: Pronouns = { he: 'he', him: 'him', his: 'his', himself: 'himself' };
export const female: Pronouns = { he: 'she', him: 'her', his: 'her', himself: 'herself' };
