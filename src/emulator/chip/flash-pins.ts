import { BasePeripheral, type RP2040 } from 'rp2040js';
import { addDevice } from '../rp2040js';

/** The pins of the flash, IO_QSPI (RP2040 datasheet, 2.19.6): a status and a control each. */
const base = 0x40018000;
const pinCount = 6;
/** What control keeps: function, overrides of output, enable, input and interrupt. */
const settable = 0x3003_331f;
/** The pin that selects the flash chip, and how its control overrides the output. */
const selectPin = 1;
const outputOverride = 8;
/** The override that selects it. */
const low = 2;

/** Keeps the controls of the pins, and tells when a program selects the flash chip by an override. */
export class FlashPins extends BasePeripheral {
  private readonly controls = new Uint32Array(pinCount);

  constructor(
    chip: RP2040,
    private readonly onSelect: (isSelected: boolean) => void,
  ) {
    super(chip, 'IO_QSPI');
    addDevice(chip, base, this);
  }

  override readUint32(offset: number): number {
    if (offset >= pinCount * 8) return super.readUint32(offset);
    return offset % 8 === 4 ? (this.controls[offset >>> 3] ?? 0) : 0;
  }

  override writeUint32(offset: number, value: number): void {
    if (offset >= pinCount * 8) return super.writeUint32(offset, value);
    if (offset % 8 !== 4) return;
    const pin = offset >>> 3;
    this.controls[pin] = value & settable;
    const override = (value >>> outputOverride) & 3;
    if (pin === selectPin) this.onSelect(override === low);
  }
}
