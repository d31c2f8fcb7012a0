// What desk and supervision need of the browser itself.

// To the end of a conversation, unless somebody reads further up.
function deskToEnd(log, isOther) {
  const nearPx = 320
  const belowPx = log.scrollHeight - log.scrollTop - log.clientHeight
  if (isOther || belowPx < nearPx) log.scrollTop = log.scrollHeight
}

// Sends a file that somebody chose; tells that it is on its way, then how that went.
async function deskSendFile(picker, tell) {
  const fileBytesMax = 10 * 2 ** 20
  const file = picker.files[0]
  if (!file) return
  picker.value = ''
  if (file.size > fileBytesMax) return tell({ reason: 'file_large' })
  tell({ sending: file.name })
  const address = `/files/${encodeURIComponent(picker.dataset.contact)}?${new URLSearchParams({ name: file.name })}`
  try {
    const answer = await fetch(address, { method: 'POST', body: file })
    const told = await answer.json()
    tell({ reason: answer.ok ? '' : told.reason || 'file_lost' })
  } catch { tell({ reason: 'file_lost' }) }
}

// Puts a text into a field, for the person to go on with.
function deskPut(field, text) {
  field.value = text
  field.focus()
}
