/** Address of a generated token: the number of its generation, and its index there. */
export interface TokenPlace {
  generation: number;
  index: number;
}

/** The address of an element of TokenText; undefined for other elements. */
export function placeOf(element: Element | null | undefined): TokenPlace | undefined {
  const token = element?.closest<HTMLElement>('.tokens > .token');
  const { generation } = token?.parentElement?.dataset ?? {};
  if (!token || generation === undefined) return undefined;
  return { generation: Number(generation), index: Number(token.dataset.index) };
}

export function isSamePlace(one: TokenPlace | undefined, other: TokenPlace | undefined): boolean {
  return one?.generation === other?.generation && one?.index === other?.index;
}
