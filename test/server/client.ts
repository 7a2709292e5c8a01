import { PassThrough } from 'node:stream';
import {
  createConnection,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type ProtocolConnection,
  type ServerCapabilities,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { serve } from '../../src/server/server';

/** A simulated editor: it opens texts, changes them and sends requests. */
export class Client {
  capabilities: ServerCapabilities = {};
  private readonly open = new Map<string, TextDocument>();
  private readonly published = new Map<string, { version?: number; diagnostics: Diagnostic[] }>();
  private readonly waiting = new Set<() => void>();

  private constructor(readonly connection: ProtocolConnection) {
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, ...published }) => {
      this.published.set(uri, published);
      for (const look of this.waiting) look();
    });
  }

  /** Initialises the server behind a connection. */
  static async connect(connection: ProtocolConnection): Promise<Client> {
    const client = new Client(connection);
    connection.listen();
    const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        textDocument: {
          completion: { completionItem: { snippetSupport: true } },
          documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        },
      },
    });
    client.capabilities = capabilities;
    await connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  /** A server in this process, and a client of it. */
  static inProcess(): Promise<Client> {
    const up = new PassThrough();
    const down = new PassThrough();
    serve(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)));
    const reader = new StreamMessageReader(down);
    return Client.connect(createProtocolConnection(reader, new StreamMessageWriter(up)));
  }

  /** Opens a text and waits for the server's diagnostics. */
  async openText(uri: string, text: string): Promise<Diagnostic[]> {
    const document = TextDocument.create(uri, 'starmind-model', 1, text);
    this.open.set(uri, document);
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: document.languageId, version: 1, text },
    });
    return this.diagnosticsOf(uri);
  }

  /** Changes an open text, by pieces or as a whole, and waits for the diagnostics. */
  async changeText(uri: string, ...changes: TextDocumentContentChangeEvent[]) {
    const before = this.document(uri);
    const version = before.version + 1;
    // A document of its own for each version: those that tests hold stay as they were.
    const copy = TextDocument.create(uri, before.languageId, before.version, before.getText());
    this.open.set(uri, TextDocument.update(copy, changes, version));
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: changes,
    });
    return this.diagnosticsOf(uri);
  }

  async closeText(uri: string): Promise<void> {
    this.open.delete(uri);
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri },
    });
  }

  /** The editor's copy of the text. */
  document(uri: string): TextDocument {
    const document = this.open.get(uri);
    if (!document) throw new Error(`${uri} is not open.`);
    return document;
  }

  /** The diagnostics of the present version of an open document. */
  diagnosticsOf(uri: string): Promise<Diagnostic[]> {
    const { version } = this.document(uri);
    return this.publishedOf(uri, (of) => of.version === version);
  }

  /** The next diagnostics of a document that has been closed. */
  diagnosticsAfterClosing(uri: string): Promise<Diagnostic[]> {
    return this.publishedOf(uri, (of) => of.version === undefined);
  }

  private publishedOf(
    uri: string,
    wanted: (published: { version?: number }) => boolean,
  ): Promise<Diagnostic[]> {
    return new Promise((resolve) => {
      const look = () => {
        const published = this.published.get(uri);
        if (!published || !wanted(published)) return;
        this.waiting.delete(look);
        resolve(published.diagnostics);
      };
      this.waiting.add(look);
      look();
    });
  }
}
