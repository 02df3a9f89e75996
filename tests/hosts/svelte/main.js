import { mount } from 'svelte';
import App from './App.svelte';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';
mount(App, { target: document.querySelector('main') });
