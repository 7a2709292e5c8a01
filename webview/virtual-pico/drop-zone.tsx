import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface DropZoneProps {
  children: ComponentChildren;
  onFile: (name: string, bytes: Uint8Array) => void;
}

/** Takes files that are dropped anywhere on what it surrounds, as the drive of a board does. */
export function DropZone({ children, onFile }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file.name, new Uint8Array(await file.arrayBuffer()));
  };
  return (
    <div
      class={over ? 'drop-zone over' : 'drop-zone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      {children}
    </div>
  );
}
