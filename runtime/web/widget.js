// The chat widget. It stands on other people's pages: one element with a shadow, no globals, no
// markup from texts, no cookies. The server's transcript is the truth; what is shown once is
// known by its id, and what was not confirmed is sent again with the same id.
(() => {
  'use strict'

  const script = document.currentScript
  const base = new URL(script.src).origin
  const options = script.dataset
  const entry = options.entry || 'support'
  const isPage = options.page === 'yes'
  const language = (options.language || document.documentElement.lang || navigator.language || 'en').startsWith('ko') ? 'ko' : 'en'

  const WORDS = {
    en: {
      title: 'Chat with us', open: 'Open chat', close: 'Close chat', write: 'Write a message', send: 'Send',
      joined: name => `${name || 'An agent'} has joined`, today: 'Today', more: 'More', save: 'Save the conversation', attach: 'Send a file', download: name => `Download ${name}`,
      typing_agent: name => `${name || 'The agent'} is writing…`, sending: name => `Sending ${name}…`, bytes: (count, most) => `${count} of ${most} bytes`,
      file_large: 'This file is too large. At most 10 MB can be sent.', file_type: 'Files of this kind cannot be sent. Pictures, PDF, text and Office files can.', file_empty: 'This file is empty.', file_many: 'No more files can be sent in this conversation.', file_early: 'Files can be sent as soon as an agent is on the way.', file_lost: 'The file could not be transferred. Please try again.', queued: 'We are connecting you with an agent',
      ended: 'This conversation is over', left: 'You ended the conversation', again: 'Start again', end: 'End conversation',
      offline: 'Connection lost. Trying again…', typing: 'Writing…', log: 'Conversation',
      too_long: 'This message is too long: at most 4,096 bytes. Shorten it, or send it in parts.', too_fast: 'A little slower, please.', busy: 'Very many people are writing at the moment. One moment, please.',
      closed: 'Nobody can be reached here at the moment.', over: 'This conversation is over.',
      link_used: 'This link was used already.', link_expired: 'This link is no longer valid.', kept: 'Conversations are kept to improve our service.',
    },
    ko: {
      title: '채팅 상담', open: '채팅 열기', close: '채팅 닫기', write: '메시지를 입력하세요', send: '보내기',
      joined: name => name ? `${name} 상담원이 들어왔어요` : '상담원이 들어왔어요', today: '오늘', more: '더 보기', save: '대화 내용 저장하기', attach: '파일 보내기', download: name => `${name} 내려받기`,
      typing_agent: name => name ? `${name} 상담원이 입력하고 있어요` : '상담원이 입력하고 있어요', sending: name => `${name} 보내는 중…`, bytes: (count, most) => `${count} / ${most} 바이트`,
      file_large: '파일이 너무 커요. 10MB까지 보낼 수 있어요.', file_type: '보낼 수 없는 형식이에요. 사진, PDF, 텍스트, 오피스 파일만 보낼 수 있어요.', file_empty: '빈 파일이에요.', file_many: '이 대화에서는 파일을 더 보낼 수 없어요.', file_early: '상담원이 연결될 때부터 파일을 보낼 수 있어요.', file_lost: '파일을 주고받지 못했어요. 다시 시도해 주세요.', queued: '상담원을 연결하고 있어요',
      ended: '상담이 끝났어요', left: '상담을 끝냈어요', again: '다시 시작하기', end: '상담 끝내기',
      offline: '연결이 끊겼어요. 다시 연결하고 있어요…', typing: '입력 중', log: '대화',
      too_long: '메시지가 너무 길어요. 4,096바이트까지 보낼 수 있으니 줄이거나 나누어 보내 주세요.', too_fast: '조금만 천천히 보내 주세요.', busy: '지금 문의가 많아요. 잠시만 기다려 주세요.',
      closed: '지금은 상담을 시작할 수 없어요.', over: '상담이 끝났어요.',
      link_used: '이미 사용한 링크예요.', link_expired: '링크의 유효 시간이 지났어요.', kept: '대화는 상담 품질을 위해 저장돼요.',
    },
  }[language]
  const title = options.title || WORDS.title

  const STYLE = `
    :host{all:initial;--bg:#fff;--canvas:#f5f6f8;--line:#e1e5eb;--line-2:#858fa1;--ink:#161b25;--ink-2:#475063;--ink-3:#626c7e;--accent:#3a4ccb;--accent-ink:#3445be;--accent-tint:#ecEEfc;--accent-line:#b5bdf2;--talk:#0b6a64;--talk-tint:#dbefec;--avatar:#42516a;--avatar-tint:#e2e8f0;--warn:#865300;--warn-tint:#fdf1d7;font:14px/20px -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif;color:var(--ink);word-break:keep-all;overflow-wrap:anywhere}
    @media(prefers-color-scheme:dark){:host(.page){--bg:#191d25;--canvas:#11141a;--line:#2a303c;--line-2:#6f7a8d;--ink:#eceff4;--ink-2:#b7bfcd;--ink-3:#939dae;--accent:#5467e2;--accent-ink:#a9b4ff;--accent-tint:#1f2643;--accent-line:#4754a6;--talk:#72cfc5;--talk-tint:#143431;--avatar:#aebcd3;--avatar-tint:#273142;--warn:#e6b85a;--warn-tint:#332710}}
    *{box-sizing:border-box}[hidden]{display:none!important}
    button,textarea{font:inherit;color:inherit;margin:0}button{cursor:pointer;border:0;background:none;padding:0}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    svg{width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round;flex:none}
    .launch{position:fixed;right:24px;bottom:24px;z-index:2147483000;width:56px;height:56px;border-radius:50%;background:var(--accent);color:#fff;display:grid;place-items:center;box-shadow:0 2px 6px rgba(18,26,44,.12),0 12px 32px rgba(18,26,44,.2)}
    .launch svg{width:24px;height:24px}.badge{position:absolute;right:-2px;top:-2px;min-width:20px;height:20px;padding:0 6px;border-radius:10px;background:#b3261e;color:#fff;font-size:12px;font-weight:600}
    .panel{position:fixed;right:24px;bottom:24px;z-index:2147483001;width:min(384px,calc(100vw - 32px));height:min(720px,calc(100vh - 48px));display:flex;flex-direction:column;background:var(--bg);border-radius:16px;box-shadow:0 2px 6px rgba(18,26,44,.08),0 16px 40px rgba(18,26,44,.16);overflow:hidden}
    :host(.page) .panel{position:fixed;inset:0;margin:auto;width:min(560px,100vw);height:100dvh;border-radius:0}
    header{display:flex;align-items:center;gap:12px;padding:14px 16px;border-bottom:1px solid var(--line)}
    .who{flex:1;min-width:0}.who :is(b,h1){display:block;margin:0;font-size:inherit;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.who span{display:block;font-size:12px;line-height:16px;color:var(--ink-3)}
    .ib{width:32px;height:32px;border-radius:8px;display:grid;place-items:center;color:var(--ink-2);flex:none}.ib:hover{background:var(--canvas)}
    .avatar{width:36px;height:36px;border-radius:50%;display:grid;place-items:center;background:var(--avatar-tint);color:var(--avatar);font-weight:600;font-size:12px;flex:none}.avatar.bot{background:var(--talk-tint);color:var(--talk)}
    .small{width:28px;height:28px;font-size:11px}.small.bot{border-radius:8px}
    .banner{padding:8px 16px;background:var(--warn-tint);color:var(--warn);font-size:13px}
    .log{flex:1;min-height:0;overflow-y:auto;padding:16px;background:var(--canvas);display:flex;flex-direction:column;gap:12px}
    .log::before{content:"";margin-top:auto}
    .said{display:flex;flex-direction:column;gap:12px}.said:empty{display:none}
    .row{display:flex;gap:8px;align-items:flex-start;max-width:92%}.row.me{align-self:flex-end;max-width:80%}
    .bubble{padding:10px 14px;border-radius:14px;border:1px solid var(--line);background:var(--bg);white-space:pre-wrap}
    .row:not(.me) .bubble{border-top-left-radius:4px}.me .bubble{background:var(--accent);border-color:var(--accent);color:#fff;border-bottom-right-radius:4px}
    .me.waits .bubble{opacity:.7}
    .event{display:flex;align-items:center;gap:12px;color:var(--ink-2);font-size:12px}.event::before,.event::after{content:"";flex:1;height:1px;background:var(--line)}
    .choices{display:flex;flex-wrap:wrap;gap:8px;padding-left:36px}.choices:empty{display:none}.choices button{min-height:32px;padding:4px 14px;border-radius:16px;border:1px solid var(--accent-line);background:var(--bg);color:var(--accent-ink);font-weight:500;font-size:13px}.choices button:hover{background:var(--accent-tint)}
    .typing{display:flex;gap:4px;padding:14px}.typing i{width:6px;height:6px;border-radius:3px;background:var(--ink-3);animation:blink 1.2s infinite}.typing i+i{animation-delay:.2s}.typing i+i+i{animation-delay:.4s}
    @keyframes blink{0%,80%,100%{opacity:.25}40%{opacity:1}}@media(prefers-reduced-motion:reduce){.typing i{animation:none;opacity:.6}}
    .face{position:relative;flex:none;display:flex}.dot{position:absolute;right:-1px;bottom:-1px;width:12px;height:12px;border-radius:6px;border:2px solid var(--bg);background:#1a7f4b}
    .menu{position:absolute;right:16px;top:56px;z-index:1;min-width:200px;padding:6px;border-radius:10px;background:var(--bg);border:1px solid var(--line);box-shadow:0 8px 24px rgba(18,26,44,.16);display:flex;flex-direction:column}.menu button{text-align:left;padding:8px 12px;border-radius:6px}.menu button:hover,.menu button:focus-visible{background:var(--canvas)}
    .day{text-align:center;color:var(--ink-3);font-size:12px}.count{padding:0 4px 6px;font-size:12px;line-height:16px;color:var(--ink-3);text-align:right}.count.over{color:#b3261e;font-weight:600}
    .file{display:inline-flex;align-items:center;gap:8px;color:inherit;font:inherit;text-decoration:underline;text-align:left;overflow-wrap:anywhere}
    footer{padding:12px 12px 8px;background:var(--bg)}
    .bubble a{color:inherit;overflow-wrap:anywhere}.box{display:flex;align-items:flex-end;gap:4px;padding:4px;border:1px solid var(--line-2);border-radius:12px}.box:focus-within{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}.box textarea:focus-visible{outline:none}
    textarea{flex:1;border:0;outline:0;background:none;resize:none;height:32px;max-height:120px;padding:6px 0}textarea::placeholder{color:var(--ink-3);opacity:1}
    .send{width:32px;height:32px;border-radius:8px;display:grid;place-items:center;background:var(--accent);color:#fff}.send:disabled{opacity:.4;cursor:default}
    .again{width:100%;min-height:40px;border-radius:10px;background:var(--accent);color:#fff;font-weight:500}
    .fine{text-align:center;font-size:12px;line-height:16px;color:var(--ink-3);padding-top:8px}`

  const MESSAGE_BYTES_MAX = 4096, COUNT_FROM_BYTES = 3072, FILE_BYTES_MAX = 10 * 2 ** 20, TYPING_EVERY_MS = 3000, TYPING_FOR_MS = 6000
  const ICONS = {
    more: 'M3.5 8h.01M8 8h.01M12.5 8h.01', clip: 'm13 7.5-5.3 5.3a3.2 3.2 0 0 1-4.5-4.5l5.6-5.6a2.1 2.1 0 0 1 3 3l-5.5 5.5a1 1 0 0 1-1.5-1.5l5-5',
    person: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3.5 13.5c.5-2.4 2.3-3.5 4.5-3.5s4 1.1 4.5 3.5',
    chat: 'M8 2.5c3.3 0 6 2.2 6 5s-2.7 5-6 5c-.7 0-1.4-.1-2-.3L3 13.5l.6-2.3C2.6 10.3 2 9 2 7.5c0-2.8 2.7-5 6-5ZM5.5 7.5h5',
    bot: 'M4.5 5h7a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM8 5V2.5M6 8.5v1M10 8.5v1',
    down: 'm4 6.3 4 4 4-4', x: 'm4 4 8 8M12 4l-8 8', send: 'M13.5 2.5 2.5 6.8l4.7 2 2 4.7ZM7.2 8.8l6.3-6.3',
  }

  // --- small helpers ---------------------------------------------------------------------------

  const SVG = 'http://www.w3.org/2000/svg'
  function make(name, properties = {}, ...children) {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(properties)) {
      if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
      else if (value === true) element.setAttribute(key, '')
      else if (value !== false && value != null) element.setAttribute(key, value)
    }
    element.append(...children)
    return element
  }
  function icon(name) {
    const svg = document.createElementNS(SVG, 'svg')
    const path = document.createElementNS(SVG, 'path')
    svg.setAttribute('viewBox', '0 0 16 16')
    svg.setAttribute('aria-hidden', 'true')
    path.setAttribute('d', ICONS[name])
    svg.append(path)
    return svg
  }
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join('')
  const initials = name => (/[가-힣]/.test(name) ? name.slice(-2) : name.split(/\s+/).map(part => part[0] || '').join('').slice(0, 2))

  const storage = {
    key: `flowlang:${base}:${entry}`,
    kept: {},
    load() {
      try { this.kept = JSON.parse(localStorage.getItem(this.key)) || {} } catch { this.kept = {} }
      return this.kept
    },
    save(values) {
      Object.assign(this.kept, values)
      try { localStorage.setItem(this.key, JSON.stringify(this.kept)) } catch { /* a browser that keeps nothing chats too */ }
    },
  }

  // --- what is known ---------------------------------------------------------------------------

  const state = {
    token: storage.load().token || '', contact: '', lines: new Map(), pending: storage.kept.pending || [],
    thinking: false, typedUntil: 0, sending: '', online: true, isOpen: isPage, unseen: 0, banner: '', isNew: false,
    code: new URLSearchParams(location.search).get('go') || '',
  }
  const lines = () => [...state.lines.values()]
  const isOver = () => lines().some(line => line.what === 'ended')
  const agent = () => lines().filter(line => line.what === 'joined').at(-1)

  function take(frame) {
    if (frame.token && frame.token !== state.token) {
      state.token = frame.token
      storage.save({ token: frame.token })
    }
    switch (frame.type) {
      case 'new':
        state.isNew = true
        begin()
        break
      case 'welcome':
        if (frame.contact !== state.contact) state.lines.clear()
        state.contact = frame.contact
        state.isNew = false
        learn(frame)
        if (state.code) begin()
        else resend()
        break
      case 'lines':
        learn(frame)
        break
      case 'typing':
        agentTypes()
        break
      case 'got':
        break
      case 'refused':
        refused(frame)
        break
    }
    draw()
  }

  function agentTypes() {
    state.typedUntil = Date.now() + TYPING_FOR_MS
    setTimeout(draw, TYPING_FOR_MS + 50)
  }

  function learn(frame) {
    if (frame.typing) agentTypes()
    if (frame.lines.some(line => line.who === 'agent')) state.typedUntil = 0
    for (const line of frame.lines) {
      if (!state.lines.has(line.id) && !state.isOpen && line.who !== 'customer') state.unseen += 1
      state.lines.set(line.id, line)
    }
    const arrived = new Set(lines().map(line => line.ref))
    keepPending(state.pending.filter(message => !arrived.has(message.id)))
    state.thinking = frame.thinking
  }

  function refused(frame) {
    state.banner = WORDS[frame.reason] || ''
    if (['too_fast', 'busy'].includes(frame.reason)) {
      setTimeout(() => { state.banner = ''; frame.id ? resend() : begin(); draw() }, 1000 * (frame.wait_s || 1))
    } else if (frame.id) keepPending(state.pending.filter(message => message.id !== frame.id))
    if (frame.reason.startsWith('link_')) begin()
  }

  function keepPending(pending) {
    state.pending = pending
    storage.save({ pending })
  }

  // --- what the visitor does -------------------------------------------------------------------

  function begin() {
    if (!state.isOpen || !(state.isNew || state.code)) return
    const code = state.code
    state.code = ''
    if (code) history.replaceState(null, '', location.pathname)
    // The id is kept, so that a start that was not confirmed is not made twice.
    if (!storage.kept.start) storage.save({ start: newId() })
    line.send({ type: 'start', id: storage.kept.start, language, code })
  }

  function again() {
    storage.save({ start: newId() })
    keepPending([])
    state.isNew = true
    state.banner = ''
    begin()
  }

  function say(text, choice = false) {
    const message = { type: 'say', id: newId(), text: text.trim(), choice }
    if (!message.text || isOver()) return
    state.banner = ''
    keepPending([...state.pending, message])
    line.send(message)
    draw()
  }

  let toldTypingAt = 0
  function tellTyping() {
    if (!field.value || Date.now() - toldTypingAt < TYPING_EVERY_MS || isOver() || !agent()) return
    toldTypingAt = Date.now()
    line.send({ type: 'typing' })
  }

  const files = (path, options = {}) => fetch(`${base}/chat/${encodeURIComponent(entry)}/files${path}`, {
    ...options, headers: { authorization: `Bearer ${state.token}` },
  })

  async function sendFile(file) {
    if (!file) return
    state.banner = file.size > FILE_BYTES_MAX ? WORDS.file_large : ''
    if (!state.banner) {
      state.sending = file.name
      draw()
      try {
        const answer = await files(`?${new URLSearchParams({ name: file.name, id: newId() })}`, { method: 'POST', body: file })
        const frame = await answer.json()
        if (frame.type === 'refused') state.banner = WORDS[frame.reason] || WORDS.file_lost
      } catch { state.banner = WORDS.file_lost }
      state.sending = ''
    }
    draw()
  }

  async function saveFile(file) {
    try {
      const answer = await files(`/${file.id}`)
      if (!answer.ok) throw new Error(answer.status)
      save(await answer.blob(), file.name)
    } catch {
      state.banner = WORDS.file_lost
      draw()
    }
  }

  function save(blob, name) {
    const link = make('a', { href: URL.createObjectURL(blob), download: name })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10000)
  }

  function saveConversation() {
    const who = item => ({ customer: '>', agent: item.name })[item.who] || title
    const text = lines().map(item => {
      const at = new Date(item.at).toLocaleString(language)
      return item.who === 'event' ? `[${at}] ${eventWords(item)}` : `[${at}] ${who(item)}: ${item.text}`
    })
    save(new Blob([text.join('\r\n') + '\r\n'], { type: 'text/plain;charset=utf-8' }), `${entry}-${lines()[0].at.slice(0, 10)}.txt`)
  }

  const resend = () => state.pending.forEach(message => line.send(message))

  // --- the line to the server ------------------------------------------------------------------

  const line = {
    socket: null, tries: 0, failures: 0, polling: false,
    connect() {
      const socket = this.socket = new WebSocket(`${base.replace(/^http/, 'ws')}/ws/chat/${encodeURIComponent(entry)}`)
      let wasOpen = false
      socket.onopen = () => {
        wasOpen = true
        this.tries = this.failures = 0
        state.online = true
        socket.send(JSON.stringify({ type: 'hello', token: state.token }))
        draw()
      }
      socket.onmessage = event => take(JSON.parse(event.data))
      socket.onclose = () => {
        this.socket = null
        if (!wasOpen) this.failures += 1
        // Some networks let no socket through: ask instead, but only if asking works.
        if (this.failures >= 2) this.poll()
        else this.later()
      }
    },
    later() {
      state.online = false
      draw()
      this.tries += 1
      setTimeout(() => this.connect(), Math.min(500 * 2 ** this.tries, 10000) * (0.5 + Math.random() / 2))
    },
    async poll() {
      this.polling = true
      while (this.polling) {
        const after = lines().at(-1)?.id || ''
        const query = new URLSearchParams({ token: state.token, contact: state.contact, after })
        try {
          const answer = await fetch(`${base}/chat/${encodeURIComponent(entry)}/lines?${query}`)
          if (!answer.ok) throw new Error(answer.status)
          state.online = true
          take(await answer.json())
          if (state.isNew) await new Promise(go => setTimeout(go, 1000))
        } catch {
          this.polling = false
          this.failures = 0
          this.later()
        }
      }
    },
    async send(message) {
      if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
      else if (this.polling) {
        try {
          const answer = await fetch(`${base}/chat/${encodeURIComponent(entry)}/act`, {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...message, token: state.token }),
          })
          take(await answer.json())
        } catch { /* it stays pending and is sent again */ }
      }
    },
  }

  // --- what is seen ----------------------------------------------------------------------------

  const host = make('flowlang-chat', { class: isPage ? 'page' : '' })
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]

  const badge = make('span', { class: 'badge', hidden: true })
  const launch = make('button', { class: 'launch', type: 'button', 'aria-label': WORDS.open, onclick: () => toggle(true) }, icon('chat'), badge)
  const face = make('span', { class: 'avatar' })
  const name = make(isPage ? 'h1' : 'b')
  const status = make('span')
  const dot = make('span', { class: 'dot' })
  const end = make('button', { type: 'button', role: 'menuitem', onclick: () => { openMenu(false); line.send({ type: 'leave', id: newId() }) } }, WORDS.end)
  const keep = make('button', { type: 'button', role: 'menuitem', onclick: () => { openMenu(false); saveConversation() } }, WORDS.save)
  const menu = make('div', { class: 'menu', role: 'menu', 'aria-label': WORDS.more, hidden: true, onkeydown: onMenuKey, onfocusout: onMenuLeft }, keep, end)
  const more = make('button', { class: 'ib', type: 'button', title: WORDS.more, 'aria-label': WORDS.more, 'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: () => openMenu(menu.hidden) }, icon('more'))
  const close = make('button', { class: 'ib', type: 'button', title: WORDS.close, 'aria-label': WORDS.close, onclick: () => toggle(false) }, icon('down'))
  const banner = make('div', { class: 'banner', role: 'status' })
  const drawn = { contact: '', ids: new Set(), choicesOf: '' }
  const said = make('div', { class: 'said', role: 'log', 'aria-label': WORDS.log, 'aria-live': 'polite' })
  const choices = make('div', { class: 'choices' })
  const rest = make('div', { class: 'said' })
  const log = make('div', { class: 'log', tabindex: '0' }, said, choices, rest)
  const field = make('textarea', { rows: '1', placeholder: WORDS.write, 'aria-label': WORDS.write, oninput: onWrite, onkeydown: onKey })
  const send = make('button', { class: 'send', type: 'button', 'aria-label': WORDS.send, onclick: submit }, icon('send'))
  const count = make('div', { class: 'count', role: 'status', hidden: true })
  const picker = make('input', { type: 'file', hidden: true, tabindex: '-1', 'aria-hidden': 'true', onchange: () => { sendFile(picker.files[0]); picker.value = '' } })
  const attach = make('button', { class: 'ib', type: 'button', title: WORDS.attach, 'aria-label': WORDS.attach, onclick: () => picker.click() }, icon('clip'))
  const box = make('div', { class: 'box' }, attach, picker, field, send)
  const restart = make('button', { class: 'again', type: 'button', onclick: again }, WORDS.again)
  const panel = make(isPage ? 'main' : 'section', { class: 'panel', 'aria-label': title },
    make('header', {}, make('span', { class: 'face' }, face, dot), make('div', { class: 'who' }, name, status), more, close), menu,
    banner, log, make('footer', {}, count, box, restart, make('div', { class: 'fine' }, WORDS.kept)))
  if (isPage) close.hidden = true
  root.append(...(isPage ? [panel] : [launch, panel]))

  function toggle(isOpen) {
    state.isOpen = isOpen
    if (isOpen) state.unseen = 0
    begin()
    draw()
    isOpen ? field.focus() : launch.focus()
  }

  function onKey(event) {
    // While a Korean syllable is being composed, Enter only ends it.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      submit()
    }
  }
  const bytes = text => new TextEncoder().encode(text).length
  function submit() {
    // Nothing is cut: what is too long stays where it is, and is said to be too long.
    if (bytes(field.value.trim()) > MESSAGE_BYTES_MAX) {
      state.banner = WORDS.too_long
      draw()
      field.focus()
      return
    }
    say(field.value)
    field.value = ''
    toldTypingAt = 0
    grow()
    field.focus()
  }
  function onWrite() {
    if (state.banner === WORDS.too_long) {
      state.banner = ''
      draw()
    }
    tellTyping()
    grow()
  }
  function grow() {
    const size = bytes(field.value.trim())
    count.hidden = size < COUNT_FROM_BYTES
    count.className = `count ${size > MESSAGE_BYTES_MAX ? 'over' : ''}`
    count.textContent = count.hidden ? '' : WORDS.bytes(size.toLocaleString(language), MESSAGE_BYTES_MAX.toLocaleString(language))
    field.toggleAttribute('aria-invalid', size > MESSAGE_BYTES_MAX)
    field.style.height = '32px'
    field.style.height = `${Math.min(field.scrollHeight, 120)}px`
    send.disabled = !field.value.trim()
  }

  function openMenu(isOpen) {
    menu.hidden = !isOpen
    more.setAttribute('aria-expanded', String(isOpen))
    isOpen ? keep.focus() : more.focus()
  }
  function onMenuLeft(event) {
    if (menu.contains(event.relatedTarget) || event.relatedTarget === more) return
    menu.hidden = true
    more.setAttribute('aria-expanded', 'false')
  }
  function onMenuKey(event) {
    const items = [keep, end].filter(item => !item.hidden)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') openMenu(false)
    else if (step) items[(items.indexOf(root.activeElement) + step + items.length) % items.length].focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function avatar(who, small) {
    const isAgent = who && who.who === 'agent'
    const element = make('span', { class: `avatar ${isAgent ? '' : 'bot'} ${small ? 'small' : ''}`, 'aria-hidden': 'true' })
    element.append(isAgent && who.name ? initials(who.name) : icon('bot'))
    return element
  }

  // Addresses become links; everything else stays text, so nothing that is said becomes markup.
  function linked(text) {
    return text.split(/(https?:\/\/[^\s]+)/).map((part, index) =>
      index % 2 ? make('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : part)
  }

  const eventWords = item => ({ joined: WORDS.joined(item.name), queued: WORDS.queued, ended: WORDS.ended, left: WORDS.left })[item.what] || ''

  function wordsOf(item) {
    if (item.file) return [make('button', { class: 'file', type: 'button', 'aria-label': WORDS.download(item.text), onclick: () => saveFile(item.file) }, icon('clip'), item.text)]
    return item.who === 'customer' ? [item.text] : linked(item.text)
  }

  function day(at) {
    const then = new Date(at), isToday = then.toDateString() === new Date().toDateString()
    const time = then.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hour12: false })
    return `${isToday ? WORDS.today : then.toLocaleDateString(language)} ${time}`
  }

  function shown(item) {
    if (item.who === 'event') return make('div', { class: 'event' }, ...(item.what === 'joined' ? [icon('person')] : []), eventWords(item))
    const bubble = make('div', { class: 'bubble', dir: 'auto' }, ...wordsOf(item))
    return item.who === 'customer' ? make('div', { class: 'row me' }, bubble) : make('div', { class: 'row' }, avatar(item, true), bubble)
  }

  function draw() {
    const all = lines()
    const last = all.at(-1)
    const joined = agent()
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    panel.hidden = !state.isOpen
    launch.hidden = state.isOpen
    badge.hidden = !state.unseen
    badge.textContent = String(state.unseen)
    face.className = `avatar ${joined ? '' : 'bot'}`
    face.replaceChildren(joined?.name ? initials(joined.name) : icon('bot'))
    name.textContent = joined?.name || title
    status.textContent = joined ? title : last?.what === 'queued' ? WORDS.queued : ''
    banner.textContent = state.online ? state.banner : WORDS.offline
    banner.hidden = !banner.textContent
    dot.hidden = !joined || isOver()
    end.hidden = isOver()
    more.hidden = !all.length
    if (more.hidden) menu.hidden = true
    attach.hidden = !all.some(item => item.what === 'queued' || item.what === 'joined')
    box.hidden = isOver()
    restart.hidden = !isOver()

    // What is said already stays as it is, so that it is read out once.
    if (state.contact !== drawn.contact) {
      Object.assign(drawn, { contact: state.contact, ids: new Set() })
      said.replaceChildren(...(all.length ? [make('div', { class: 'day' }, day(all[0].at))] : []))
    }
    for (const item of all) {
      if (!drawn.ids.has(item.id)) said.append(shown(item))
      drawn.ids.add(item.id)
    }
    // A choice stays the same button for as long as it can be made: somebody may be pressing it.
    const choicesOf = last?.choices && !state.pending.length ? `${state.contact} ${last.id}` : ''
    if (choicesOf !== drawn.choicesOf) {
      drawn.choicesOf = choicesOf
      const offered = choicesOf ? last.choices : []
      choices.replaceChildren(...offered.map(choice => make('button', { type: 'button', onclick: () => say(choice, true) }, choice)))
    }
    const parts = []
    for (const message of state.pending) {
      const row = shown({ who: 'customer', text: message.text })
      row.classList.add('waits')
      parts.push(row)
    }
    if (state.sending) parts.push(make('div', { class: 'event', role: 'status' }, WORDS.sending(state.sending)))
    const types = joined && Date.now() < state.typedUntil
    if (types || state.thinking || (state.pending.length && state.online && !joined)) {
      const words = types ? WORDS.typing_agent(joined.name) : WORDS.typing
      parts.push(make('div', { class: 'row' }, avatar(types ? { who: 'agent', name: joined.name } : null, true), make('div', { class: 'bubble typing', role: 'img', 'aria-label': words }, make('i'), make('i'), make('i'))))
    }
    rest.replaceChildren(...parts)
    if (atEnd || last?.who === 'customer') log.scrollTop = log.scrollHeight
  }

  document.body.append(host)
  grow()
  draw()
  line.connect()
})()
