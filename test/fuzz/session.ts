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
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { serve } from '../../src/server/server';

/**
 * A language server in this process and an editor that never waits for diagnostics: a server that
 * sends none must fail a check, not hang it. Messages arrive in their order, so that an answer
 * follows all diagnostics of the texts sent before its request.
 */
export class Session {
  private latest: PublishDiagnosticsParams | undefined;

  private constructor(readonly connection: ProtocolConnection) {
    connection.onNotification(PublishDiagnosticsNotification.type, (published) => {
      this.latest = published;
    });
  }

  static async start(): Promise<Session> {
    const up = new PassThrough();
    const down = new PassThrough();
    serve(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)));
    const connection = createProtocolConnection(
      new StreamMessageReader(down),
      new StreamMessageWriter(up),
    );
    const session = new Session(connection);
    connection.listen();
    await connection.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: null,
      capabilities: {
        textDocument: {
          completion: { completionItem: { snippetSupport: true } },
          documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        },
      },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    return session;
  }

  open(document: TextDocument): Promise<void> {
    const { uri, languageId, version } = document;
    return this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId, version, text: document.getText() },
    });
  }

  change({ uri, version }: TextDocument, text: string): Promise<void> {
    return this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }

  close({ uri }: TextDocument): Promise<void> {
    return this.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri },
    });
  }

  /** The latest diagnostics, if they are of this version of the document. */
  diagnosticsOf({ uri, version }: TextDocument) {
    const { latest } = this;
    return latest?.uri === uri && latest.version === version ? latest.diagnostics : undefined;
  }

  stop(): void {
    this.connection.dispose();
  }
}
