/** `20480` -> `20,480`, in every locale. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
