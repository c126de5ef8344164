import { createApp } from 'vue'
import './styles/main.css'
import App from './App.vue'
import { router } from './router'
import { preferredLanguage, setLanguage } from './i18n'
import { applyTheme } from './shell/theme'

applyTheme()
await setLanguage(preferredLanguage(), false)
createApp(App).use(router).mount('#app')
