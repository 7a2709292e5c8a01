import { raspberryPi } from './find/usb-ids';

/** Sorts before 73, in which udev gives devices tagged uaccess to the user at the seat. */
export const udevRulesFile = '/etc/udev/rules.d/60-starmind-pico.rules';

const serialPort = `SUBSYSTEM=="tty", ATTRS{idVendor}=="${raspberryPi}"`;
const usbDevice = `SUBSYSTEM=="usb", ATTRS{idVendor}=="${raspberryPi}"`;

/**
 * Gives every user the serial port, the boot loader (picotool) and debug probes of Raspberry Pi: by
 * mode and not by group, since groups differ between distributions, and sessions over SSH have no
 * seat. ModemManager would keep a new port busy for seconds while it looks for a modem.
 */
export const udevRules = [
  '# Raspberry Pi Pico: serial port, USB boot loader, debug probe. Written by Starmind Pico.',
  `${serialPort}, MODE="0666", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"`,
  `${usbDevice}, MODE="0666", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"`,
  '',
].join('\n');

/** Installs the rules, and applies them to devices that are plugged in: one shell line. */
export const installUdevRules = [
  `printf '%s\\n' ${udevRules
    .trimEnd()
    .split('\n')
    .map((line) => `'${line}'`)
    .join(' ')} | sudo tee ${udevRulesFile}`,
  'sudo udevadm control --reload-rules',
  'sudo udevadm trigger',
].join(' && ');
