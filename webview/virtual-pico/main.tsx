import { render } from 'preact';
import type { FromVirtualPico, ToVirtualPico } from '../../src/core/wire/virtual-pico';
import { connectHost } from '../ui/host';
import '../ui/ui.css';
import { App } from './app';
import './virtual-pico.css';

const root = document.getElementById('root');
if (root) render(<App host={connectHost<ToVirtualPico, FromVirtualPico>()} />, root);
