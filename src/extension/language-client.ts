import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { modelLanguage } from './model-language';

/** Starts the language server for model.json documents in every kind of folder. */
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
