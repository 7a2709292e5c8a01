import { render } from 'preact';
import type { FromModelEditor, ToModelEditor } from '../../src/core/wire/editor-messages';
import { connectHost } from '../ui/host';
import '../ui/ui.css';
import { App } from './app';
import './model-editor.css';

const root = document.getElementById('root');
if (root) render(<App host={connectHost<ToModelEditor, FromModelEditor>()} />, root);
