import {
  CodeActionKind,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService, type JSONSchema } from 'vscode-json-languageservice';
import schema from '../core/model/model.schema.json';
import type { Problem } from '../core/problem';
import { codeLenses } from './features/code-lens';
import { withCosts } from './features/completion';
import { dataLinks } from './features/data-links';
import { diagnosticsOf } from './features/diagnostics';
import { FileProblems } from './features/file-problems';
import { hoverAt } from './features/hover';
import { inlayHints } from './features/inlay-hints';
import { quickFixes } from './features/quick-fixes';
import { ModelDocuments } from './model-documents';

/** Serves the language features of model.json over a connection. */
export function serve(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const models = new ModelDocuments();
  const files = new FileProblems();
  // A file may name a schema of its own; here it is always the one of this program.
  const json = getLanguageService({
    schemaRequestService: () => Promise.resolve(JSON.stringify(schema)),
  });
  json.configure({
    validate: false,
    schemas: [{ uri: schema.$id, fileMatch: ['*'], schema: schema as JSONSchema }],
  });

  connection.onInitialize(() => ({
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: ['"', ':', ' '] },
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      codeLensProvider: {},
      inlayHintProvider: true,
      documentSymbolProvider: true,
      documentFormattingProvider: true,
      documentRangeFormattingProvider: true,
      documentLinkProvider: {},
      foldingRangeProvider: true,
    },
  }));

  const rootOf = (document: TextDocument) => models.of(document).now.root;
  const problemsOf = (document: TextDocument): Problem[] => {
    const { now } = models.of(document);
    return now.isForeign ? [] : [...now.problems, ...files.of(document, now)];
  };
  documents.onDidChangeContent(({ document }) => {
    void connection.sendDiagnostics({
      uri: document.uri,
      version: document.version,
      diagnostics: diagnosticsOf(document, rootOf(document), problemsOf(document)),
    });
  });
  documents.onDidClose(({ document }) => {
    models.forget(document.uri);
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });

  /** A document of ours that can be read, unless the user has closed it in the meantime. */
  const ours = (uri: string): TextDocument | undefined => {
    const document = documents.get(uri);
    if (!document) return undefined;
    const { now, isTooDeep } = models.of(document);
    return now.isForeign || isTooDeep ? undefined : document;
  };
  /** Answers a request about a document of ours. */
  const about =
    <Params extends { textDocument: { uri: string } }, Answer>(
      answer: (document: TextDocument, params: Params) => Answer,
    ) =>
    (params: Params): Answer | undefined => {
      const document = ours(params.textDocument.uri);
      return document && answer(document, params);
    };
  const parse = (document: TextDocument) => json.parseJSONDocument(document);

  connection.onCompletion(async ({ textDocument, position }) => {
    const document = ours(textDocument.uri);
    if (!document) return undefined;
    const list = await json.doComplete(document, position, parse(document));
    const { lastGood } = models.of(document);
    const items = withCosts(document, document.offsetAt(position), list?.items ?? [], lastGood);
    return { isIncomplete: false, items };
  });
  connection.onHover(
    about((document, { position }) =>
      hoverAt(
        document,
        document.offsetAt(position),
        rootOf(document),
        models.of(document).lastGood,
      ),
    ),
  );
  connection.onCodeAction(
    about((document, { range }) =>
      quickFixes(document, range, rootOf(document), problemsOf(document)),
    ),
  );
  connection.onCodeLens(
    about((document) => codeLenses(document.uri, models.of(document).lastGood)),
  );
  connection.languages.inlayHint.on(
    about((document, { range }) => {
      const { lastGood } = models.of(document);
      return lastGood ? inlayHints(document, range, rootOf(document), lastGood) : [];
    }),
  );
  connection.onDocumentSymbol(
    about((document) => json.findDocumentSymbols2(document, parse(document))),
  );
  connection.onFoldingRanges(about((document) => json.getFoldingRanges(document)));
  connection.onDocumentLinks(about((document) => dataLinks(document, rootOf(document))));
  connection.onDocumentFormatting(
    about((document, { options }) => {
      const end = document.positionAt(document.getText().length);
      return json.format(document, { start: { line: 0, character: 0 }, end }, options);
    }),
  );
  connection.onDocumentRangeFormatting(
    about((document, { range, options }) => json.format(document, range, options)),
  );

  documents.listen(connection);
  connection.listen();
}
