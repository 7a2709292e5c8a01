import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  createProtocolConnection,
  ExitNotification,
  IPCMessageReader,
  IPCMessageWriter,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver/node';
import { expect, it } from 'vitest';
import { assetPath } from '../../src/node/assets';
import { Client } from './client';
import { sample, sampleUri } from './samples';

// The bundled server in a process of its own, over the transports of VS Code and other editors.

const transports: [string, (file: string) => [ChildProcess, ProtocolConnection]][] = [
  [
    'IPC',
    (file) => {
      const server = fork(file, ['--node-ipc']);
      const reader = new IPCMessageReader(server);
      return [server, createProtocolConnection(reader, new IPCMessageWriter(server))];
    },
  ],
  [
    'its standard streams',
    (file) => {
      const server = spawn(process.execPath, [file, '--stdio']);
      const reader = new StreamMessageReader(server.stdout);
      return [server, createProtocolConnection(reader, new StreamMessageWriter(server.stdin))];
    },
  ],
];

it.each(transports)('serves over %s, and ends on request', async (_, start) => {
  const [server, connection] = start(assetPath('server.js'));
  const ended = once(server, 'exit');
  const client = await Client.connect(connection);
  const uri = sampleUri('shipped');
  const diagnostics = await client.openText(uri, sample('key-value-heads'));
  expect(diagnostics.map(({ code }) => code)).toEqual(['architecture.kv-heads']);
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  expect(await ended).toEqual([0, null]);
  connection.dispose();
});
