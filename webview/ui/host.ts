interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension, as one of its webviews sees it. */
export interface Host<FromHost, ToHost> {
  post(message: ToHost): void;
  /** Calls back for every message, until the returned function is called. */
  listen(receive: (message: FromHost) => void): () => void;
  /**
   * The state of the last call of `keep`, also before a reload of the page; else the state that the
   * extension has kept.
   */
  kept(): unknown;
  keep(state: unknown): void;
}

/** Call it once in a page: VS Code gives its API out only once. */
export function connectHost<FromHost, ToHost>(): Host<FromHost, ToHost> {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    kept: () => api.getState() ?? keptBefore(),
    keep: (state) => api.setState(state),
    listen(receive) {
      const listener = ({ data }: MessageEvent<FromHost>) => receive(data);
      window.addEventListener('message', listener);
      return () => window.removeEventListener('message', listener);
    },
  };
}

function keptBefore(): unknown {
  return JSON.parse(document.getElementById('root')?.dataset.kept ?? 'null');
}
