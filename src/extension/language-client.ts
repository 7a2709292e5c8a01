import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { modelLanguage } from './model-language';

/** Starts the language server; documents of every kind of folder are its business. */
export function languageClient(serverPath: string): LanguageClient {
  const client = new LanguageClient(
    'starmind',
    'Starmind',
    { module: serverPath, transport: TransportKind.ipc },
    { documentSelector: [{ language: modelLanguage }] },
  );
  void client.start();
  return client;
}
