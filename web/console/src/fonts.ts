import './inter.css';
import '@fontsource-variable/noto-sans-sc';
