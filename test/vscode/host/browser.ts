import { chromium, type Browser } from 'playwright-core';
import { aptInstall } from '../../../src/node/toolchain/apt';
import { findProgram } from '../../../src/node/toolchain/find';
import { say } from './say';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** The system's Chromium, without a window and without any way out of this machine. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureBrowser(),
    // The process that runs the suite ends the browser and the server together.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

async function ensureBrowser(): Promise<string> {
  const found = findBrowser();
  if (found) return found;
  say('Chromium: installing');
  await aptInstall(['chromium'], {});
  const installed = findBrowser();
  if (!installed) throw new Error('Chromium is not here and cannot be installed: install it.');
  return installed;
}

function findBrowser(): string | undefined {
  for (const name of names) {
    const file = findProgram(name);
    if (file) return file;
  }
  return undefined;
}
