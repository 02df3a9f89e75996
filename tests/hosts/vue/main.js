import { createApp } from 'vue';
import App from './App.vue';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';
createApp(App).mount('main');
