/** Words whose first sound differs from their spelling. */
const vowelSound = /^(?:[aeio]|un[^i]|u[^nst]|us[^eu]|hour|honest)/i;

export function withArticle(phrase: string): string {
  return `${vowelSound.test(phrase) ? 'an' : 'a'} ${phrase}`;
}

/**
 * Sets capital letters where sentences begin: at the start, after an opening quote, and after a
 * full stop. After `!"` and `?"` a sentence may continue ("Look!" said Tom), so there the writer
 * decides.
 */
export function capitalise(text: string): string {
  return text.replace(/(?:^|(?:^| )"|[.!?] |\." )[a-z]/g, (match) => match.toUpperCase());
}

/** Pronouns with which a story refers to a character. */
export interface Pronouns {
  he: string;
  him: string;
  his: string;
  himself: string;
}

export const male: Pronouns = { he: 'he', him: 'him', his: 'his', himself: 'himself' };
export const female: Pronouns = { he: 'she', him: 'her', his: 'her', himself: 'herself' };
