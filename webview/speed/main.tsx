import { render } from 'preact';
import type { FromSpeedPage, ToSpeedPage } from '../../src/core/bench/speed-messages';
import { connectHost } from '../ui/host';
import '../ui/ui.css';
import { App } from './app';
import './speed.css';

const root = document.getElementById('root');
if (root) render(<App host={connectHost<ToSpeedPage, FromSpeedPage>()} />, root);
