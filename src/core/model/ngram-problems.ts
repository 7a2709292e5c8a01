import { setting, type Fix, type Problem } from '../problem';
import type { Architecture } from './config';
import { ngramTargetWidth } from './ngram';

const section = 'architecture.ngram_tables';

function error(field: string, code: string, message: string, fix: string, fixes: Fix[]): Problem {
  return { code, severity: 'error', path: `${section}.${field}`, message, fix, fixes };
}

function set(field: string, value: number | number[]): Fix {
  return {
    title: `Set ${field} to ${JSON.stringify(value)}`,
    changes: [setting(`${section}.${field}`, value)],
  };
}

/** What contradicts the shape of the model, and what a hash cannot count. */
export function ngramProblems(architecture: Architecture): Problem[] {
  const { ngram_tables: tables, n_layers } = architecture;
  if (!tables) return [];
  const problems: Problem[] = [];
  const near = 2 ** Math.round(Math.log2(tables.rows));
  if (near !== tables.rows) {
    problems.push(
      error(
        'rows',
        'ngram.rows',
        `A table has a power of two of rows, not ${tables.rows}.`,
        `Use ${near}.`,
        [set('rows', near)],
      ),
    );
  }
  const beyond = tables.layers.filter((layer) => layer >= n_layers);
  if (beyond.length > 0) {
    const within = tables.layers.filter((layer) => layer < n_layers);
    problems.push(
      error(
        'layers',
        'ngram.layers',
        `There is no layer ${beyond.join(', ')}: they count from 0 to ${n_layers - 1}.`,
        'Name layers that there are, or leave the field out for all of them.',
        [
          ...(within.length > 0 ? [set('layers', within)] : []),
          {
            title: 'Remove layers',
            changes: [{ path: [...section.split('.'), 'layers'], remove: true }],
          },
        ],
      ),
    );
  }
  const width = ngramTargetWidth(architecture, tables.into);
  if (tables.width > width) {
    problems.push(
      error(
        'width',
        'ngram.width',
        `Rows of ${tables.width} elements are wider than the ${tables.into === 'values' ? 'values' : 'residual stream'}, which ${tables.into === 'values' ? 'have' : 'has'} ${width}.`,
        `Use ${width} or less, or leave the field out.`,
        [set('width', width)],
      ),
    );
  }
  return problems;
}
