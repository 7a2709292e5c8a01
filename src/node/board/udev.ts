import { raspberryPi } from './find/usb-ids';

/** Before 73, where udev gives the devices tagged uaccess to whoever sits at the computer. */
export const udevRulesFile = '/etc/udev/rules.d/60-starmind-pico.rules';

const serialPort = `SUBSYSTEM=="tty", ATTRS{idVendor}=="${raspberryPi}"`;
const usbDevice = `SUBSYSTEM=="usb", ATTRS{idVendor}=="${raspberryPi}"`;

/**
 * Lets every user use the serial port, the boot loader (picotool) and debug probes of Raspberry
 * Pi: a mode and not a group, since groups differ between distributions, and sessions over SSH
 * have no seat. ModemManager would keep a new port busy for seconds, looking for a modem.
 */
export const udevRules = [
  '# Raspberry Pi Pico: serial port, USB boot loader, debug probe. Written by Starmind Pico.',
  `${serialPort}, MODE="0666", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"`,
  `${usbDevice}, MODE="0666", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"`,
  '',
].join('\n');

/** Installs the rules, and applies them to what is plugged in: one line for a shell. */
export const installUdevRules = [
  `printf '%s\\n' ${udevRules
    .trimEnd()
    .split('\n')
    .map((line) => `'${line}'`)
    .join(' ')} | sudo tee ${udevRulesFile}`,
  'sudo udevadm control --reload-rules',
  'sudo udevadm trigger',
].join(' && ');
