import { expect, test } from 'vitest';
import { BoardOutput } from '../../../src/node/board/board-output';

test('records of other firmware become lines, as received', () => {
  const output = new BoardOutput();
  const texts: string[] = [];
  const records: unknown[] = [];
  output.onText((text) => texts.push(text));
  output.onRecord((record) => records.push(record));
  output.push(
    Buffer.from('abc\x1e{"id":12345678901234567890,"2":1,"1":2}\n\x1e{"record":"ready"}\n'),
  );
  output.push(Buffer.from('\x1e[1.0]\nend'));
  expect(texts.join('')).toBe('abc\n{"id":12345678901234567890,"2":1,"1":2}\n[1.0]\nend');
  expect(records).toEqual([{ record: 'ready' }]);
});
