import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../ui/toolkit';

export interface DropZoneProps {
  children: ComponentChildren;
  onFile: (name: string, bytes: Uint8Array) => void;
}

/** Accepts UF2 files that the user drops anywhere on its children, as the drive of a board does. */
export function DropZone({ children, onFile }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string>();
  const enter = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    const wrong = problemOf(file);
    setProblem(wrong);
    if (!file || wrong !== undefined) return;
    try {
      onFile(file.name, new Uint8Array(await file.arrayBuffer()));
    } catch {
      setProblem(`${file.name} cannot be read.`);
    }
  };
  return (
    <div
      class={over ? 'drop-zone over' : 'drop-zone'}
      onDragEnter={enter}
      onDragOver={enter}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      {problem !== undefined && (
        <div class="refused">
          <p class="notice" role="alert">
            {problem}
          </p>
          <Button onClick={() => setProblem(undefined)}>Dismiss</Button>
        </div>
      )}
      {children}
      {/* VS Code handles dragged files itself unless Shift is held. */}
      <p class="drop-hint">To load a UF2 file, you can also hold Shift and drop it here.</p>
    </div>
  );
}

/** Why the dropped files cannot be loaded; undefined when it is worth trying. */
function problemOf(file: File | undefined): string | undefined {
  if (!file) return 'That is no file: drop a UF2 file from the file manager of your system.';
  if (/\.uf2$/i.test(file.name)) return undefined;
  return `${file.name} was not loaded: drop a program whose name ends in .uf2.`;
}
