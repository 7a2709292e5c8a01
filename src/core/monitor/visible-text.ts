/** Colours and cursor movements of terminals (ECMA-48, CSI sequences), and titles (OSC). */
const terminalSequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g;
/** Control characters that are shown, tabs aside. */
const control = /[\x00-\x08\x0b-\x1f\x7f]/g;
const controlPictures = 0x2400;
const deletePicture = '\u2421';

/**
 * A line as people can read it: sequences for terminals are left out, of a line that was written
 * over the last version stays, and other control characters have their pictures.
 */
export function visibleText(line: string): string {
  const plain = line.replace(terminalSequence, '').replace(/\r+$/, '');
  const last = plain.lastIndexOf('\r');
  return plain.slice(last + 1).replace(control, (character) => {
    const code = character.charCodeAt(0);
    return code === 0x7f ? deletePicture : String.fromCharCode(controlPictures + code);
  });
}
