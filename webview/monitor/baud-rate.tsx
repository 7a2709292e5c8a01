import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Dropdown } from '../ui/toolkit';
import { isPlainEnter } from './plain-enter';

/** Without 1200: programs of the pico-sdk enter the boot loader at that rate. */
const usual = [
  300, 2400, 4800, 9600, 19200, 38400, 57600, 74880, 115200, 230400, 250000, 460800, 500000, 921600,
  1000000, 2000000,
];
const other = 'Other...';
const least = 50;
const most = 4_000_000;

export interface BaudRateProps {
  baudRate: number;
  onChange: (baudRate: number) => void;
}

/** One of the usual rates, or any other that the user types. */
export function BaudRate({ baudRate, onChange }: BaudRateProps) {
  const [isAsking, ask] = useState(false);
  if (isAsking) {
    return (
      <OtherRate
        onEnd={(rate) => {
          ask(false);
          if (rate !== undefined) onChange(rate);
        }}
      />
    );
  }
  const rates = [...new Set([...usual, baudRate])].sort((a, b) => a - b);
  return (
    <Dropdown
      label="Baud rate"
      value={`${baudRate} baud`}
      options={[...rates.map((rate) => `${rate} baud`), other]}
      onChange={(name) => (name === other ? ask(true) : onChange(parseInt(name, 10)))}
    />
  );
}

/** Enter accepts the typed rate; Escape and leaving the box discard it. */
function OtherRate({ onEnd }: { onEnd: (rate?: number) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [isWrong, setIsWrong] = useState(false);
  useLayoutEffect(() => input.current?.focus(), []);
  return (
    <input
      type="text"
      inputMode="numeric"
      class="rate"
      ref={input}
      aria-label="Other baud rate"
      aria-invalid={isWrong}
      placeholder="Baud rate"
      title={`A whole number from ${least} to ${most}`}
      autocomplete="off"
      onInput={({ currentTarget: { value } }) => setIsWrong(value !== '' && !rateFrom(value))}
      onBlur={() => onEnd()}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onEnd();
        if (!isPlainEnter(event)) return;
        // Keep Enter from also sending the line in the box beside this one.
        event.preventDefault();
        const rate = rateFrom(event.currentTarget.value);
        if (rate === undefined) setIsWrong(true);
        else onEnd(rate);
      }}
    />
  );
}

function rateFrom(typed: string): number | undefined {
  const rate = /^\s*\d+\s*$/.test(typed) ? Number(typed) : NaN;
  return rate >= least && rate <= most ? rate : undefined;
}
