# prints True
import pickle


class Own:
    pass


print(isinstance(pickle.loads(pickle.dumps(Own())), Own))
